"""Breadth: how many different things are bought, and how many of them are new."""

from features.feature import Family, Feature, Words

NEW_DAYS = 91

BREADTH = Family(
    "breadth",
    Words("Breadth of buying", "采购广度"),
    (
        Feature(
            "products",
            "breadth",
            "count",
            Words("Distinct products bought", "买过的不同产品数"),
            Words("Buys many different products", "采购产品种类多"),
            Words("Buys few different products", "采购产品种类少"),
            zero=Words("Has bought no product yet", "尚未买过产品"),
        ),
        Feature(
            "categories",
            "breadth",
            "count",
            Words("Distinct product categories bought", "买过的不同品类数"),
            Words("Buys across many categories", "跨品类采购广"),
            Words("Buys in few categories", "采购品类少"),
            zero=Words("Has bought in no category yet", "尚未买过任何品类"),
        ),
        Feature(
            "channels",
            "breadth",
            "count",
            Words("Distinct channels bought through", "下单用过的渠道数"),
            Words("Buys through many channels", "下单渠道多"),
            Words("Buys through few channels", "下单渠道少"),
            zero=Words("Has bought through no channel yet", "尚无下单渠道"),
        ),
        Feature(
            "new_products_91d",
            "breadth",
            "count",
            Words("Products bought for the first time in the last 91 days", "近91天首次购买的产品数"),
            Words("Many products are new in the last 91 days", "近91天新购产品多"),
            Words("Few products are new in the last 91 days", "近91天新购产品少"),
            zero=Words("No products are new in the last 91 days", "近91天没有新购产品"),
        ),
        Feature(
            "new_categories_91d",
            "breadth",
            "count",
            Words("Product categories bought for the first time in the last 91 days", "近91天首次购买的品类数"),
            Words("Many categories are new in the last 91 days", "近91天新购品类多"),
            Words("Few categories are new in the last 91 days", "近91天新购品类少"),
            zero=Words("No categories are new in the last 91 days", "近91天没有新购品类"),
        ),
        Feature(
            "repeat_product_share",
            "breadth",
            "share",
            Words(
                "Share of order lines whose product had been bought before",
                "订单行中再次购买同一产品的比例",
            ),
            Words("More than half of the order lines repeat a product", "订单行中再次购买同一产品的过半"),
            Words("Less than half of the order lines repeat a product", "订单行中再次购买同一产品的不足一半"),
            turn=0.5,
            zero=Words("No order line repeats a product", "没有再次购买同一产品"),
        ),
    ),
)
