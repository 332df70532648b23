"""What stands around a referring expression: courtesy, verb, whose view, where to put the thing."""
