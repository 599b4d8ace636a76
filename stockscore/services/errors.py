"""What services raise for people: each message is a sentence that says what to do next."""


class ServiceError(Exception):
    """The work could not be done; commands end with status 1."""


class InputError(ServiceError):
    """What was given is wrong and nothing was changed; commands end with status 2."""
