"""The renewals page: what ends when, how likely it is renewed by the forecast and by us, what was won and lost."""
