"""What a formula is: its tree, how one is printed, and what is wrong with one."""
