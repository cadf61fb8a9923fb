# id: 94
# title: Listens on a port and waits for a caller.
# expect: exited 1
# stderr contains: Error
# docker expect: timed_out
# docker stderr contains:

import socketserver

socketserver.TCPServer(("127.0.0.1", 8765), socketserver.BaseRequestHandler).serve_forever()
