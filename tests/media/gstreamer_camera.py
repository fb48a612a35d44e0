"""An RTSP camera by GStreamer, run with the system's Python (its `gi`): a second implementation to talk to.

Usage: python3 gstreamer_camera.py h264|h265 FILE FPS [PASSWORD]. FILE holds access units, each with a u32 length
before it. Prints the port. Needs gir1.2-gst-rtsp-server-1.0, gstreamer1.0-plugins-good and -bad (h264parse).
"""

import struct
import sys
import time
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)
CODEC, FILE, FPS = sys.argv[1], sys.argv[2], int(sys.argv[3])
PAY = {
    "h264": ("h264parse", "rtph264pay", "video/x-h264"),
    "h265": ("h265parse", "rtph265pay", "video/x-h265"),
}[CODEC]


def units(path):
    data, at, found = Path(path).read_bytes(), 0, []
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        found.append(data[at + 4 : at + 4 + size])
        at += 4 + size
    return found


class Factory(GstRtspServer.RTSPMediaFactory):
    def __init__(self):
        super().__init__()
        self.units = units(FILE)
        self.set_shared(True)

    def do_create_element(self, url):
        parse, pay, caps = PAY
        return Gst.parse_launch(
            f"( appsrc name=src is-live=true format=time do-timestamp=false "
            f'caps="{caps},stream-format=byte-stream,alignment=au" ! {parse} ! {pay} name=pay0 pt=97 config-interval=1 )'
        )

    def do_configure(self, media):
        source = media.get_element().get_by_name("src")
        state = {"number": 0, "began": time.monotonic()}

        def push():
            number = state["number"]
            buffer = Gst.Buffer.new_wrapped(self.units[number % len(self.units)])
            buffer.pts = buffer.dts = number * Gst.SECOND // FPS
            buffer.duration = Gst.SECOND // FPS
            state["number"] = number + 1
            return source.emit("push-buffer", buffer) == Gst.FlowReturn.OK

        GLib.timeout_add(1000 // FPS, push)


server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
pool = GstRtspServer.RTSPThreadPool()
pool.set_max_threads(-1)  # the default of one makes every opening wait for the one before
server.set_thread_pool(pool)
if len(sys.argv) > 4:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest("svc", sys.argv[4], token)
    server.set_auth(auth)
factory = Factory()
if len(sys.argv) > 4:
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("viewer", "media.factory.access", True)
    permissions.add_permission_for_role("viewer", "media.factory.construct", True)
    factory.set_permissions(permissions)
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
