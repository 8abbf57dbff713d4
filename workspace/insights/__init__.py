"""The voice of the customer as pages show it: themes with what stands behind them, who acts, who was told."""
