"""The product, as a user runs it: a scenario goes in as a file, a report comes back as JSON."""
import json
import os
import subprocess
import tempfile

SOLVED, INFEASIBLE, BAD_INPUT = 0, 1, 2


class Refused(Exception):
    """The product refused the scenario, in its own words."""


class Tandem:
    def __init__(self, binary, seconds=120):
        self.binary = binary
        self.seconds = seconds

    def _call(self, command, scenario, *options):
        handle, path = tempfile.mkstemp(suffix=".json")
        try:
            with os.fdopen(handle, "w") as file:
                json.dump(scenario, file)
            done = subprocess.run(
                [self.binary, command, path, "--json", *options], capture_output=True, text=True, timeout=self.seconds
            )
        finally:
            os.unlink(path)
        if done.returncode == BAD_INPUT:
            raise Refused((done.stderr or done.stdout).strip())
        if done.returncode not in (SOLVED, INFEASIBLE):
            raise AssertionError(f"exit code {done.returncode}: {done.stderr.strip()[:300]}")
        return Report(json.loads(done.stdout), done.returncode)

    def run(self, scenario):
        return self._call("run", scenario)

    def map(self, scenario, x, y, bus):
        """The map over two fields, each (path, from, to)."""
        return self._call("map", scenario, "--x", *map(str, x), "--y", *map(str, y), "--bus", bus)

    def compare(self, scenario):
        return self._call("compare", scenario)


class Report:
    """A report with its numbers by name."""

    def __init__(self, data, code):
        self.data = data
        self.solved = code == SOLVED
        self._series = {one["id"]: one["values"] for one in data["series"]}

    def quantity(self, name):
        return next((one["value"] for one in self.data["summary"] if one["id"] == name), None)

    def reason(self, name):
        """Why a quantity has no number, in the report's words."""
        return next((one["note"] for one in self.data["summary"] if one["id"] == name and one["value"] is None), None)

    def series(self, name):
        return self._series.get(name)

    def table(self, name):
        """Rows of a table as dictionaries by column name."""
        table = next(one for one in self.data["tables"] if one["id"] == name)
        columns = [column["name"] or str(k) for k, column in enumerate(table["columns"])]
        return [dict(zip(columns, row)) for row in table["rows"]]

    def row(self, table, column, value):
        """The row of a table whose `column` says `value`."""
        rows = self.table(table)
        found = [row for row in rows if row[column] == value]
        assert len(found) == 1, f"{table}: {len(found)} rows with {value!r} among {[row[column] for row in rows]}"
        return found[0]

    def certified(self):
        return all(one["certified"] for one in self.data["certificates"])

    def cures(self):
        return [cure for message in self.data["messages"] for cure in message["cures"]]


def put(scenario, path, value):
    """Sets `case.generators.G1.max_p_mw` and the like; members of lists are known by their id."""
    *walk, last = path.split(".")
    place = scenario
    for step in walk:
        if isinstance(place, list):
            place = next(one for one in place if one.get("id") == step)
        else:
            place = place[step]
    if isinstance(place, list):
        place[int(last)] = value
    else:
        place[last] = value
