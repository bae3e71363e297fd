"""How documents are sent: sender, resolver, verifier and the gate between them and an outage."""
