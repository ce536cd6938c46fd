"""What can go wrong between a program and the store."""


class StoreError(Exception):
    """The store did not do what it was asked."""


class StoreUnavailable(StoreError):
    """The store can't be reached or is overloaded: the same call will work later."""


class RowsRefused(StoreError):
    """The store will never take these rows: a type, a range or a constraint speaks against them."""
