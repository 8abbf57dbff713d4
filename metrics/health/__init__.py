"""Health scores: what they are (METRICS.md, Health), why they are what they are, and whether they can be trusted.

    curve, freshness, score, bands   the definition, on plain whole numbers; no model, no clock
    configuration, profiles          what a version of the scorecard says, and which part of it applies to a customer
    split                            why a score moved, exactly
    sources                          where raw values come from
    night, fold, store               stage *score* of the night: raw values → scores → bands

Scores, weights and coverage are whole hundredths, raw values whole thousandths: sums are exact everywhere.
"""
