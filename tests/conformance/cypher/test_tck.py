"""The openCypher TCK, through `nerdx ingest` and `nerdx cypher`: an answer is right or refused, never wrong."""

import pytest
import runner
import tck

TWINS = [runner.Sqlite]


@pytest.fixture(scope="module", params=TWINS, ids=lambda twin: twin.name)
def results(request, nerdx_bin, nerdx_environment, report):
    twin = request.param(nerdx_bin, nerdx_environment)
    try:
        found = runner.run_cases(twin, tck.read_cases())
    finally:
        twin.close()
    report.extend(runner.summary(twin.name, found))
    return found


def those(results, verdict, *kinds):
    return [
        f"{case.name}\n{case.query}\n{case.parameters or ''}\n  expected {case.fails or case.rows}\n  found {answer}"
        for case, found, answer in results
        if found == verdict and case.kind in kinds
    ]


def test_no_answer_is_wrong(results):
    wrong = those(results, "wrong", "plain", "graph")
    assert not wrong, "\n\n".join(wrong)


def test_what_must_be_refused_is_refused(results):
    answered = those(results, "wrong", "refuse", "outside")
    assert not answered, "\n\n".join(answered)
    assert len(those(results, "right", "refuse")) >= 552


def test_nearly_all_that_is_read_is_answered(results):
    refused = those(results, "refused", "plain", "graph")
    assert len(those(results, "right", "plain")) >= 1480, "\n\n".join(refused)
    assert len(those(results, "right", "graph")) >= 350, "\n\n".join(refused)
