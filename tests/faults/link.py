"""`python -m tests.faults.link NAMESPACE NEAR FAR`: a link in user space between this network and a namespace's.

Two TUN interfaces, one at each end, and between them this program, which carries packets: all at once, late, some of
them, or none. The kernel's `netem` does as much where it is compiled in; TUN is in more kernels. Told what to do by
lines on standard input: `carry`, `cut`, `spoil LOSS SECONDS`; ends, and both interfaces with it, when that is closed.
"""

import ctypes
import fcntl
import heapq
import os
import random
import select
import struct
import subprocess
import sys
import time

TUN = "/dev/net/tun"
TUNSETIFF, IFF_TUN, IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
CLONE_NEWNET = 0x40000000
LARGEST = 65_535


def enter(namespace: str) -> None:
    """This thread lives in the namespace from now on. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    with open(f"/run/netns/{namespace}", "rb") as there:
        if libc.setns(there.fileno(), CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"namespace {namespace} cannot be entered")


def interface(name: str, address: str, peer: str) -> int:
    """A TUN interface that is up, in the namespace where this thread is; its descriptor. Raises OSError."""
    descriptor = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    for command in (f"addr add {address} peer {peer} dev {name}", f"link set {name} up", "link set lo up"):
        subprocess.run(["ip", *command.split()], check=True)
    return descriptor


class Link:
    """Carries packets between two descriptors."""

    def __init__(self, near: int, far: int) -> None:
        self._other = {near: far, far: near}
        self._under_way: list[tuple[float, int, int, bytes]] = []
        self._chance = random.Random(8)
        self._number = 0
        self._loss = self._delay = 0.0

    def told(self, line: str) -> None:
        """What to do from now on."""
        match line.split():
            case ["carry"]:
                self._loss = self._delay = 0.0
            case ["cut"]:
                self._loss = 1.0
            case ["spoil", loss, seconds]:
                self._loss, self._delay = float(loss), float(seconds)

    def run(self, orders: int) -> None:
        """Until nobody gives orders any more."""
        while True:
            wait = self._under_way[0][0] - time.monotonic() if self._under_way else 1.0
            ready, _, _ = select.select([*self._other, orders], [], [], max(0.0, wait))
            if orders in ready:
                line = os.read(orders, 4096)
                if not line:
                    return
                for one in line.decode().splitlines():
                    self.told(one)
            for descriptor in ready:
                if descriptor != orders:
                    self._take(descriptor)
            self._deliver()

    def _take(self, descriptor: int) -> None:
        packet = os.read(descriptor, LARGEST)
        if self._chance.random() >= self._loss:
            self._number += 1
            due = time.monotonic() + self._delay
            heapq.heappush(self._under_way, (due, self._number, self._other[descriptor], packet))

    def _deliver(self) -> None:
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, target, packet = heapq.heappop(self._under_way)
            os.write(target, packet)


def main(namespace: str, near: str, far: str) -> None:
    """`near`, `far`: the addresses of the two ends."""
    here = interface(f"fg{os.getpid()}", near, far)
    enter(namespace)
    there = interface("fg0", far, near)
    print("up", flush=True)
    Link(here, there).run(sys.stdin.fileno())


if __name__ == "__main__":
    main(*sys.argv[1:])
