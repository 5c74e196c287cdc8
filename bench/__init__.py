"""What Vigil costs: throughput, latency, recovery, memory, and the same rule beside its peers."""
