"""The practice platforms: a loopback server with the real wire formats of X, Facebook, Instagram and YouTube.

How to use it::

    from connectors.practice.changes import Change, ChangeKind
    from connectors.practice.content import Thing, load, read, sample_week
    from connectors.practice.server import PracticePlatforms

    content = read([b'{"text": "When does term end?"}'])     # or load(path), or sample_week()
    with PracticePlatforms(content, now=lambda: moment, faults="x:500@3", vocabulary="2.166") as platforms:
        platforms.base_url(Platform.INSTAGRAM)   # what goes into an account's base_url
        platforms.url                            # the same for X, Facebook and YouTube
        platforms.requests["x"]        # how many requests that platform has answered
        platforms.set_faults("youtube:quota")    # from now on; counting starts again at 1
        platforms.external_id("f-012")           # the id that the platform gives to that line (at first)
        platforms.change(Change("f-012", ChangeKind.EDIT, moment, "Other words"))     # happens at moment
        platforms.say(Thing(0, "", Platform.X, "dan", "Dan Moss", "Hello", moment))   # returns the node
        platforms.world(Platform.X).banned       # what a platform knows now (connectors.practice.world)
        platforms.stop(); platforms.start()      # connection refused in between; same port afterwards

``now`` is a function that returns the moment (aware, UTC): only what arrived by then is visible, and only
what changed by then has changed. What a connector writes happens at that moment too.

Where each platform is: X at ``{url}/2/...``, Facebook at ``{url}/v26.0/...``, Instagram at
``{url}/instagram/v26.0/...``, YouTube at ``{url}/youtube/v3/...`` (``api_endpoint=url``) with Google's token
endpoint at ``{url}/token``. The words that open it are in :mod:`connectors.practice.identities`.

How a platform is written: a module with ``answer(world, request, now)``. ``world`` is the platform's world at
``now``: its timelines hold what is public, so deletions, late arrivals and edits need nothing more.
An endpoint that writes calls ``request.stage.say(...)`` or ``request.stage.change(...)`` and answers from
what comes back, or from ``request.stage.world(platform)``. JSON bodies are in ``request.body``, form
bodies in ``request.form``. Faults are no concern of it, but for ``request.is_empty``.
"""
