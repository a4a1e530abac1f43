"""What the filter decides, by running the program as the kernel would."""

from __future__ import annotations

import errno
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.seccomp import REFUSED, program

ALLOW, ERRNO = 0x7FFF0000, 0x00050000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
COLUMN = {"x86_64": 1, "aarch64": 2}
MACHINES = sorted(AUDIT)
ANY = st.integers(0, 2**64 - 1)


def decide(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """The error number the call ends with, 0 where it is allowed."""
    code = program(machine)
    assert code is not None
    assert len(code) % 8 == 0
    given = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=iIQ6Q", number, AUDIT[machine] if audit is None else audit, 0, *given)
    place, accumulator = 0, 0
    while True:
        operation, if_true, if_false, constant = struct.unpack_from("=HBBI", code, 8 * place)
        place += 1
        if operation == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, constant)
        elif operation == 0x06:
            if constant == ALLOW:
                return 0
            assert constant & 0xFFFF0000 == ERRNO
            return constant & 0xFFFF
        else:
            test = {0x15: accumulator == constant, 0x35: accumulator >= constant, 0x45: bool(accumulator & constant)}
            place += if_true if test[operation] else if_false


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_refused_is_refused_whatever_it_asks(machine: str) -> None:
    for name, told in REFUSED.items():
        number = told[COLUMN[machine]]
        if number is not None:
            assert decide(machine, number, 1, 2, 3) == told[0], name


@pytest.mark.parametrize("machine", MACHINES)
@given(number=st.integers(0, 600), argument=ANY)
def test_everything_else_is_allowed(machine: str, number: int, argument: int) -> None:
    asked = {"x86_64": {41, 53, 56, 16, 135, 160, 302}, "aarch64": {198, 199, 220, 29, 92, 164, 261}}[machine]
    if number not in asked | {told[COLUMN[machine]] for told in REFUSED.values()}:
        assert decide(machine, number, argument, argument) == 0


@given(number=st.integers(0x40000000, 0x400003FF))
def test_a_second_name_for_a_call_is_no_way_around(number: int) -> None:
    assert decide("x86_64", number) == errno.ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
@given(audit=st.integers(0, 2**32 - 1), number=st.integers(0, 600))
def test_programs_for_another_processor_get_no_call_through(machine: str, audit: int, number: int) -> None:
    if audit != AUDIT[machine]:
        assert decide(machine, number, audit=audit) == errno.ENOSYS


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 41), ("x86_64", 53), ("aarch64", 198), ("aarch64", 199)])
@given(family=st.integers(0, 60))
def test_only_sockets_that_a_namespace_holds(machine: str, number: int, family: int) -> None:
    assert decide(machine, number, family) == (0 if family in (1, 2, 10, 16) else errno.EAFNOSUPPORT)


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 56), ("aarch64", 220)])
@given(flags=st.integers(0, 2**32 - 1))
def test_a_child_gets_no_namespace(machine: str, number: int, flags: int) -> None:
    namespaces = 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000
    assert decide(machine, number, flags) == (errno.EPERM if flags & namespaces else 0)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_process_and_a_thread_as_libraries_make_them_are_allowed(machine: str) -> None:
    number = {"x86_64": 56, "aarch64": 220}[machine]
    fork, thread, vfork = 0x01200011, 0x003D0F00, 0x4111
    assert [decide(machine, number, flags) for flags in (fork, thread, vfork)] == [0, 0, 0]


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 302), ("aarch64", 261)])
@given(limit=st.integers(0, 15), new=ANY)
def test_the_limit_that_keeps_the_crash_reporter_out_stays(machine: str, number: int, limit: int, new: int) -> None:
    assert decide(machine, number, 0, limit, new) == (errno.EPERM if limit == 4 and new else 0)


@pytest.mark.parametrize(("machine", "number"), [("x86_64", 16), ("aarch64", 29)])
def test_nothing_is_typed_into_terminals(machine: str, number: int) -> None:
    tiocsti, tioclinux, tcgets = 0x5412, 0x541C, 0x5401
    high = 1 << 32  # the kernel looks at the low half alone
    assert decide(machine, number, 0, tiocsti) == errno.EPERM
    assert decide(machine, number, 0, tiocsti | high) == errno.EPERM
    assert decide(machine, number, 0, tioclinux) == errno.EPERM
    assert decide(machine, number, 0, tcgets) == 0


def test_a_machine_that_is_not_known_has_no_filter() -> None:
    assert program("riscv64") is None
