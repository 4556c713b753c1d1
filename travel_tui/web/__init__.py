"""The client in browsers: a web server that runs one client for each visitor."""
