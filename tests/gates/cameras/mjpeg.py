"""A small real camera on loopback: MJPEG over HTTP that can stall, freeze, break and come back."""

import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cv2
import numpy as np


class NetworkCamera:
    """`mood` is what it does: play, stall, freeze, black, garbage or refuse."""

    def __init__(self):
        self.mood = "play"
        self.count = 0
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._asked())
        self.server.daemon_threads = True
        self.port = self.server.server_port
        self.address = f"http://127.0.0.1:{self.port}/lane.mjpg"

    def picture(self):
        self.count += self.mood != "freeze"
        image = np.full((120, 160, 3), 70, np.uint8)
        image[40:80, self.count % 100 : self.count % 100 + 40] = (30, 40, 200)
        return image if self.mood != "black" else np.zeros_like(image)

    def part(self):
        """The next part of the stream, or None when the connection is to close."""
        if self.mood == "refuse":
            return None
        while self.mood == "stall":
            time.sleep(0.02)
        jpeg = cv2.imencode(".jpg", self.picture())[1].tobytes()
        if self.mood == "garbage":
            jpeg = b"\x00garbage" * 400
        return (
            b"--edge\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(jpeg)
        ) + jpeg

    def _asked(self):
        camera = self

        class Asked(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace;boundary=edge")
                self.end_headers()
                try:
                    while (part := camera.part()) is not None:
                        self.wfile.write(part + b"\r\n")
                        time.sleep(0.04)
                except OSError:
                    return  # the lane has hung up

            def log_message(self, *_):
                """Quiet."""

        return Asked


@contextmanager
def network_camera():
    camera = NetworkCamera()
    thread = threading.Thread(target=camera.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield camera
    finally:
        camera.mood = "refuse"
        camera.server.shutdown()
        camera.server.server_close()
