"""Stand-ins for the outside systems, over real HTTP on loopback.

The demo runs the program against them, and the tests use them. A service is one module (or package) with an
`application(world)` and one line in `server.SERVICES`; all of them share one `World`.
"""
