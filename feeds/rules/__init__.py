"""What a partner must be told: pure rules without database, network or clock."""
