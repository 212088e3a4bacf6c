"""The practice platforms: a loopback server with the real wire formats of X, Facebook and YouTube.

How to use it::

    from connectors.practice.content import load, read, sample_week
    from connectors.practice.server import PracticePlatforms

    content = read([b'{"text": "When does term end?"}'])     # or load(path), or sample_week()
    with PracticePlatforms(content, now=lambda: moment, faults="x:500@3", vocabulary="2.166") as platforms:
        platforms.url                  # "http://127.0.0.1:PORT": the base_url of all three platforms
        platforms.requests["x"]        # how many requests that platform has answered
        platforms.set_faults("youtube:quota")    # from now on; counting starts again at 1
        platforms.external_id("f-012")           # the id that the platform gives to that line
        platforms.stop(); platforms.start()      # connection refused in between; same port afterwards

``now`` is a function that returns the moment (aware, UTC): only what arrived by then is visible.
Where each platform is: X at ``{url}/2/...``, Graph at ``{url}/v26.0/...``, YouTube at
``{url}/youtube/v3/...`` (``api_endpoint=url``) with Google's token endpoint at ``{url}/token``.
The words that open it are in :mod:`connectors.practice.identities`.
"""
