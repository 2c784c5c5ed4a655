"""What drawings share: the style, boxes of numbers, arrows, labels."""
