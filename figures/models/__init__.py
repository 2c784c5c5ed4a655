"""What experiments share: networks, data and their generators."""
