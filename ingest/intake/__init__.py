"""Usage as tracking libraries send it (Segment's HTTP tracking API), durable before it is answered.

messages    one item of a call → what it says, or why not            (pure)
people      who is meant by an id, and at which customer
taking      the items of a call → usage, or held until their customer appears
held        what is held becomes usage when its customer is there
api         the addresses
"""
