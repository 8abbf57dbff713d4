"""Other systems that tell us what happens there: Stripe (money) and Zendesk (tickets), by webhook or export file.

signatures  who really sent a call                                    (pure)
sent        what a call says, cut down to what we keep                (pure)
stripe      an event of Stripe → `Sent`; what is sent → rows          (pure)
zendesk     an event of Zendesk → `Sent`; what is sent → rows         (pure)
receiving   a call is checked and kept, durable before it is answered
matching    whose customer a row is of
working     what is kept becomes rows of the import kinds
files       an export file of theirs → rows of the import kinds
views       the settings page and the addresses

What is kept of an object is always told anew, in the order of its own times, so that late, repeated and shuffled
events end as the same rows (docs/adr/0035).
"""
