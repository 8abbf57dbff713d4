"""What is known of calls to the API: how many a caller made, and the answers kept for who asks again."""
