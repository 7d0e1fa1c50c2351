"""The answers of the balance page, each kept once a question."""

import dataclasses
from typing import NamedTuple

import streamlit as st

from oreway.scoring.balance.answer import Asked, Balance, Inputs
from oreway.scoring.balance.balance import balance, chain, read_inputs
from oreway.scoring.balance.network import Network
from oreway.scoring.balance.next_step import Step, next_steps
from oreway.scoring.balance.passages import Longer, longer
from oreway.views import cached
from oreway.views.address import USUAL_YEAR


class Question(NamedTuple):
    """What the answers of the page are kept by."""

    version: str
    element: str
    rule: str
    closed: tuple[str, ...]


@st.cache_resource(show_spinner=False)
def inputs_of(version: str) -> Inputs:  # noqa: ARG001 - the cache's key
    """Return what the balance is worked out from."""
    return dataclasses.replace(read_inputs(), world=cached.world())


@st.cache_resource(show_spinner=False, max_entries=16)
def chain_of(asked: Question) -> Network:
    """Return the chain that is asked for."""
    return chain(inputs_of(asked.version), asked_of(asked, USUAL_YEAR))


@st.cache_data(show_spinner=False, max_entries=400)
def year_of(asked: Question, year: int) -> Balance:
    """Return the answer for one year."""
    return balance(inputs_of(asked.version), asked_of(asked, year), net=chain_of(asked))


@st.cache_resource(show_spinner=False, max_entries=16)
def whole_of(asked: Question) -> dict[str, Balance]:  # noqa: ARG001 - the cache's key
    """Return where the answer for every year is put, once it has been worked out with its progress shown."""
    return {}


@st.cache_data(show_spinner=False, max_entries=60)
def steps_of(asked: Question, year: int) -> tuple[Step, ...]:
    """Return the next steps, the best first."""
    return next_steps(inputs_of(asked.version), asked_of(asked, year))


@st.cache_data(show_spinner=False, max_entries=60)
def longer_of(asked: Question, year: int) -> tuple[Longer, ...]:
    """Return what the closed passages add to the ways as announced."""
    usual = dataclasses.replace(asked_of(asked, year), closed=(), draws=1)
    inputs = inputs_of(asked.version)
    return longer(cached.world(), balance(inputs, usual), asked.closed) if asked.closed else ()


def asked_of(asked: Question, *years: int) -> Asked:
    """Return the question of some years, with as many draws as the command takes."""
    draws = int(inputs_of(asked.version).tables.number("draws"))
    return Asked(element=asked.element, rule=asked.rule, draws=draws, years=years, closed=asked.closed)
