"""The world Vigil is tested in: bodies, devices, people. Production never imports it."""
