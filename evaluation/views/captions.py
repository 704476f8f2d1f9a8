"""How to read each drawing, in a few sentences."""

GAIN = (
    "Line the customers up from the highest prediction to the lowest and walk from left to right: the line "
    "tells what share has been met so far. The faster it rises, the better the order."
)
LIFT = (
    "The same, divided by chance: at 10\u00a0% it says how many times as much the first tenth holds as a tenth "
    "drawn blindly would. All lines end at 1."
)
MONEY = (
    "Each column is a tenth of the customers, from the lowest predictions to the highest. The bar is what "
    "was predicted for them on average, the dot what came: a dot on its bar is the right level."
)
RELIABILITY = (
    "Each dot is a tenth of the customers. On the diagonal a chance of 30\u00a0% came true for 30 of 100; a dot "
    "below it was predicted too high, above it too low."
)
LORENZ = (
    "The deeper a curve hangs, the fewer customers hold most of the money: the best fifth brought {true:.0%} of it, "
    "and the fifth predicted highest was given {predicted:.0%}. A prediction is an average of what may happen, "
    "so its curve hangs less deep than what came."
)
COVERAGE = (
    "Dashed lines mark what the intervals promise. A dot to the left of its line: the intervals are too narrow for "
    "this group; to the right: wider than need be. Lines through dots are 95\u00a0% intervals of the coverage itself."
)
EXAMPLES = (
    "Customers evenly from the lowest prediction to the highest. The bar is the 90\u00a0% interval, the short line the "
    "prediction, the dot what came; about one dot in ten should lie outside its bar."
)
TIERS = (
    "The bar is what was predicted for the tier's customers on average, the dot what came, on a logarithmic scale: "
    "good tiers step down clearly, with the dots on their bars."
)
COHORTS = (
    "Customers by when they first bought. A dot on its bar is the right level; where only the newest cohorts miss "
    "it, the model knows regulars better than newcomers."
)
SPREAD = (
    "How the predicted chances are spread among the customers to whom it happened (filled) and among the others "
    "(line). The less the two overlap, the better the model tells them apart."
)
