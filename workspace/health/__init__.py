"""Pages of health: over the portfolio, and the scorecard."""
