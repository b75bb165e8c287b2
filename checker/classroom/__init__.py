"""What a class did as a whole: answers that agree, mistakes and where, values that call the key."""
