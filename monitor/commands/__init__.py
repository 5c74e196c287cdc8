"""The commands of `vigil`: each reads its arguments, calls one thing, and prints what it says."""
