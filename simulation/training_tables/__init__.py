"""Random tables to learn from: other things, places, lights and viewpoints than those of demo and benchmark."""
