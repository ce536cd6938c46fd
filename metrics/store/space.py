"""How much room there is where the store keeps its data."""

import msgspec

MIB = 1 << 20
FULL = 8 * MIB
"""With less, the engine takes no insert: it sets 1 MiB aside for each part, and several are written at once."""
LOW = 1024 * MIB
LOW_SHARE = 0.05


class Space(msgspec.Struct, frozen=True):
    """`store_space`: bytes of the fullest disk."""

    free: int
    total: int

    @property
    def is_full(self) -> bool:
        """Whether nothing can be stored."""
        return self.free < FULL

    @property
    def is_low(self) -> bool:
        """Whether somebody should see to it: a twentieth of the disk is left, or 1 GiB of a large one."""
        return self.free < min(LOW, LOW_SHARE * self.total)
