"""The steps of time in which leaving is looked at: thirty days each, as far as twelve of them."""

STEP = 30  # days
STEPS = 12
LONGEST = STEP * STEPS
HORIZONS = (30, 60, 90, 180, 360)  # days; what is kept of a customer (`RiskDay.within_…`)
CERTAIN = 10_000  # hundredths of a per cent
MAIN = 90  # days: what the product calls the risk
