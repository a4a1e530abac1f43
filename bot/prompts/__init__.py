"""What models are asked: one template a call, and what is put into it."""
