"""A request that the guard answers itself."""

from starlette.responses import Response

from serving.guard.problem import Problem


class Refusal(Exception):  # noqa: N818
    """A request that is refused, with the headers that belong to the refusal."""

    def __init__(self, problem: Problem, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.headers = headers

    def response(self) -> Response:
        """The refusal as an endpoint's answer, which the guard passes on."""
        return self.problem.response({name.decode(): value.decode() for name, value in self.headers})

    @property
    def closes(self) -> bool:
        """Whether the connection ends with it, whatever the client still sends."""
        return CLOSE in self.headers


class Elsewhere(Exception):  # noqa: N818
    """A page that is shown only to people who signed in; `location` is where they can."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


CLOSE = (b"connection", b"close")
