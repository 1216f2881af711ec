"""The desk's memory for a browser and for other programs: pages, a JSON API, and Google's way of asking for claims.

`app.create_app` puts it together. What it shows is `Tracker`'s, as everywhere; nothing here decides anything.
"""
