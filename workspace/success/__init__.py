"""Success plans as pages show them: one customer's plan, and the portfolio by what is at stake."""
