"""Stages: how far a customer has come from inquiry to quote request, sample and order."""

from features.feature import Family, Feature, Words

STAGES = Family(
    "stages",
    Words("Stage progress", "阶段进展"),
    (
        Feature(
            "stage_since_last_order",
            "stages",
            "number",
            Words(
                "Furthest stage since the last order; 0 none, 1 inquiry, 2 quote request, 3 sample",
                "上次下单以来到达的最远阶段（0无，1询盘，2请求报价，3样品）",
            ),
            Words(
                "Far on the way to the next order",
                "距下一单已走得较远",
            ),
            Words(
                "Not yet far on the way to the next order",
                "距下一单还处早期阶段",
            ),
            zero=Words("No step towards the next order since the last", "上次下单以来尚未走向下一单"),
        ),
        Feature(
            "stage_age_days",
            "stages",
            "days",
            Words("Days since the present stage was reached", "距到达当前阶段的天数"),
            Words("The present stage was reached longer ago than usual", "到达当前阶段早于一般客户"),
            Words("The present stage was reached less long ago than usual", "到达当前阶段晚于一般客户"),
        ),
        Feature(
            "open_quotes_90d",
            "stages",
            "count",
            Words("Quote requests of the last 90 days with no order since", "近90天内尚未下单的报价请求数"),
            Words("Many quotes are open", "未成交报价多"),
            Words("Few quotes are open", "未成交报价少"),
            zero=Words("No quotes are open", "没有未成交报价"),
        ),
        Feature(
            "inquiries_quoted_share",
            "stages",
            "share",
            Words(
                "Of the inquiries older than 30 days, the share with a quote request within 30 days after",
                "超过30天的询盘中，30天内请求报价的比例",
            ),
            Words("More than half of the inquiries went on to a quote request", "询盘后请求报价的过半"),
            Words("Less than half of the inquiries went on to a quote request", "询盘后请求报价的不足一半"),
            turn=0.5,
            zero=Words("No inquiry went on to a quote request", "询盘后均未请求报价"),
        ),
        Feature(
            "quotes_won_share",
            "stages",
            "share",
            Words(
                "Of the quote requests older than 90 days, the share with an order within 90 days after",
                "超过90天的报价请求中，90天内下单的比例",
            ),
            Words("More than half of the quote requests were followed by an order", "报价后下单的过半"),
            Words("Less than half of the quote requests were followed by an order", "报价后下单的不足一半"),
            turn=0.5,
            zero=Words("No quote request was followed by an order", "报价后均未下单"),
        ),
        Feature(
            "samples_won_share",
            "stages",
            "share",
            Words(
                "Of the samples older than 90 days, the share with an order within 90 days after",
                "超过90天的样品中，90天内下单的比例",
            ),
            Words("More than half of the samples were followed by an order", "样品后下单的过半"),
            Words("Less than half of the samples were followed by an order", "样品后下单的不足一半"),
            turn=0.5,
            zero=Words("No sample was followed by an order", "样品后均未下单"),
        ),
        Feature(
            "quote_to_order_days",
            "stages",
            "days",
            Words(
                "Median days from a quote request to the next order, where it came within 90 days",
                "90天内成交的报价请求到下单的天数中位数",
            ),
            Words("Takes long from quote request to order", "报价到下单用时长"),
            Words("Orders soon after a quote request", "报价后较快下单"),
        ),
        Feature(
            "orders_after_intent_share",
            "stages",
            "share",
            Words(
                "Share of orders with an inquiry, quote request or sample in the 90 days before",
                "下单前90天内有询盘、报价或样品的订单比例",
            ),
            Words("More than half of the orders were asked about before", "事先有询盘、报价或样品的订单过半"),
            Words("Less than half of the orders were asked about before", "事先有询盘、报价或样品的订单不足一半"),
            turn=0.5,
            zero=Words("No order was asked about before", "订单事先均无询盘、报价或样品"),
        ),
    ),
)
