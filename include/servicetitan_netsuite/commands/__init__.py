"""What the commands of `servicetitan-netsuite` do; `cli` holds their names and options."""
