"""Procedures: those that come along, a team's own, commands with real names, and who did what."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_tui.domain.certificates import Kind
from fleet_tui.domain.problem import Failure
from fleet_tui.domain.procedures import Done, Procedure, Step, command_of, next_step, renewal_of, values_of
from fleet_tui.services.procedure_log import ProcedureLog
from fleet_tui.services.procedures import library
from fleet_tui.services.store import Store
from tests.certificates import certificate
from tests.helpers import NOW

HANDBOOK = {"apple-terms", "postmortem", "interview", "local-qa"}


def own(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.toml").write_text(text)


def test_those_that_come_along_are_well_formed_and_cover_every_kind() -> None:
    found = library()
    assert found.malformed == ()
    names = {one.name for one in found.procedures}
    assert names >= HANDBOOK
    assert {kind for one in found.procedures for kind in one.kinds} == set(Kind)
    assert all(len(one.steps) > 2 and not one.own for one in found.procedures)


def test_the_csr_renewal_has_its_steps_in_order() -> None:
    procedure = renewal_of(Kind.VENDOR, library().procedures)
    assert procedure is not None
    steps = [step.id for step in procedure.steps]
    wanted = ["visit", "subaccount", "generate", "upload", "convert", "verify", "variables", "vault", "calendar"]
    assert [step for step in steps if step in wanted] == wanted
    convert = next(step for step in procedure.steps if step.id == "convert")
    values = values_of(certificate("file:/v/my mdm.cer#vendor-1", source="/v/my mdm.cer", kind=Kind.VENDOR))
    assert command_of(convert, values) == "openssl x509 -inform der -in '/v/my mdm.cer' -out '/v/my mdm.pem'"


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_a_name_is_one_word_for_a_shell_whatever_it_is(name: str) -> None:
    command = command_of(Step("a", "a", command="openssl x509 -in {certificate} -noout"), {"certificate": name})
    assert shlex.split(command) == ["openssl", "x509", "-in", name, "-noout"]


def test_what_has_no_value_stays_and_is_harmless() -> None:
    step = Step("a", "a", command="cat {key} ${HOME} {unknown}")
    assert command_of(step, {"key": ""}) == "cat {key} ${HOME} {unknown}"
    assert "certificate" not in values_of(certificate("tls:x:443", source="x:443"))


def test_a_file_whose_name_begins_with_a_dash_is_no_option() -> None:
    values = values_of(certificate("file:-out x.pem#1", source="-out x.pem"))
    step = Step("a", "a", command="openssl x509 -in {pem} -key {key}")
    assert command_of(step, values) == "openssl x509 -in './-out x.pem' -key './-out x.key'"


def test_a_value_is_not_looked_through_for_placeholders() -> None:
    assert command_of(Step("a", "a", command="{name}"), {"name": "{key}", "key": "x"}) == "'{key}'"


def test_a_team_puts_its_own_beside_them_and_one_of_the_same_name_instead(tmp_path: Path) -> None:
    own(tmp_path, "coffee", 'title = "Coffee"\n[[steps]]\nid = "a"\ntitle = "Grind"\n')
    own(tmp_path, "our-apns", 'title = "Ours"\nkinds = ["apns"]\n[[steps]]\nid = "a"\ntitle = "Ask Luke"\n')
    own(tmp_path, "postmortem", 'title = "Short"\n[[steps]]\nid = "a"\ntitle = "Talk"\n')
    (tmp_path / "notes.txt").write_text("nothing")
    found = library(str(tmp_path))
    by_name = {one.name: one for one in found.procedures}
    assert len(by_name) == len(library().procedures) + 2
    assert by_name["postmortem"].title == "Short"
    assert renewal_of(Kind.APNS, found.procedures) == by_name["our-apns"]
    assert renewal_of(Kind.VPP, ()) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "It is no procedure"),
        ('title = "x"', "steps"),
        ('title = "x"\nsteps = []', "it has no steps"),
        ('title = "x"\n[[steps]]\nid = "a"\ntitle = "x"\n[[steps]]\nid = "a"\ntitle = "y"', "the same id"),
        ('title = "x"\n[[steps]]\nid = "a"\ntitle = "x"\ncomand = "ls"', "comand"),
        ('title = "x"\nkinds = ["push"]\n[[steps]]\nid = "a"\ntitle = "x"', "push"),
        ('title = "x"\n[[steps]]\nid = "a"\ntitle = "x"\nurl = "javascript:x"', "https://"),
        ("#" * 300_000, "larger than 256 kB"),
    ],
)
def test_a_malformed_file_is_named_and_the_others_stand(tmp_path: Path, text: str, said: str) -> None:
    own(tmp_path, "bad", text)
    own(tmp_path, "good", 'title = "Good"\n[[steps]]\nid = "a"\ntitle = "x"\n')
    found = library(str(tmp_path))
    (fault,) = found.malformed
    assert fault.file.endswith("bad.toml")
    assert said in fault.sentence
    assert "good" in {one.name for one in found.procedures}


def test_bytes_that_are_no_text_and_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_bytes(b"\xff\xfe")
    assert len(library(str(tmp_path)).malformed) == 1
    (fault,) = library(str(tmp_path / "none")).malformed
    assert "The folder cannot be read" in fault.sentence
    assert len(library(str(tmp_path / "none")).procedures) == len(library().procedures)


# Progress ------------------------------------------------------------------------------------------------------------

PROCEDURE = Procedure("p", "P", (Step("a", "A"), Step("b", "B")))


def test_who_did_what_is_kept_for_each_subject(tmp_path: Path) -> None:
    first, second = Done("mna", NOW), Done("roperzh", NOW)
    store = Store(tmp_path / "state.sqlite3")
    log = ProcedureLog(store)
    log.mark("p", "cert", "a", first)
    log.mark("p", "cert", "a", second)
    store.close()
    store = Store(tmp_path / "state.sqlite3")
    again = ProcedureLog(store)
    assert again.progress("p", "cert") == {"a": first}
    assert again.progress("p") == {}
    assert next_step(PROCEDURE, again.progress("p", "cert")) == Step("b", "B")
    again.mark("p", "cert", "b", second)
    assert next_step(PROCEDURE, again.progress("p", "cert")) is None
    again.unmark("p", "cert", "a")
    assert again.progress("p", "cert") == {"b": second}
    again.start_anew("p", "cert")
    assert again.progress("p", "cert") == {}
    store.close()


def test_a_file_that_cannot_be_written_is_said() -> None:
    store = Store(None)
    log = ProcedureLog(store)
    store.close()
    with pytest.raises(Failure, match="steps of procedures are not kept"):
        log.mark("p", "", "a", Done("mna", NOW))
