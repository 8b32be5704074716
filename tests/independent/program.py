"""A linear or mixed-integer program for HiGHS, written row by row."""
import highspy
import numpy as np

INF = highspy.kHighsInf


class Program:
    """min c·x with rows and bounds; one object is solved once."""

    def __init__(self):
        self.cost, self.low, self.high, self.whole = [], [], [], []
        self.rows = []

    def var(self, low=0.0, high=INF, cost=0.0, whole=False):
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, terms, low, high):
        sums = {}
        for var, factor in terms:
            sums[var] = sums.get(var, 0.0) + factor
        self.rows.append((low, high, list(sums.items())))
        return len(self.rows) - 1

    def solve(self, presolve="choose"):
        """The least cost, or None where there is no point; the point stands in `x` afterwards, multipliers of rows in `duals`."""
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("presolve", presolve)
        for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
            model.setOptionValue(name, 1e-9)
        model.setOptionValue("mip_rel_gap", 0.0)
        model.setOptionValue("mip_abs_gap", 1e-9)
        n = len(self.cost)
        model.addVars(n, np.array(self.low, float), np.array(self.high, float))
        model.changeColsCost(n, np.arange(n, dtype=np.int32), np.array(self.cost, float))
        for var in np.flatnonzero(self.whole):
            model.changeColIntegrality(int(var), highspy.HighsVarType.kInteger)
        for low, high, terms in self.rows:
            index = np.array([var for var, _ in terms], dtype=np.int32)
            model.addRow(low, high, len(terms), index, np.array([factor for _, factor in terms], float))
        model.run()
        status = model.getModelStatus()
        if status == highspy.HighsModelStatus.kUnknown:
            # Neither shown nor refuted to 1e-9: again to what HiGHS takes by itself, from the start.
            for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance"):
                model.setOptionValue(name, 1e-7)
            model.clearSolver()
            model.run()
            status = model.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            self.x = list(model.getSolution().col_value)
            self.duals = list(model.getSolution().row_dual)
            return model.getInfo().objective_function_value
        infeasible = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
        if status in infeasible:
            return None
        raise RuntimeError(f"HiGHS: {model.modelStatusToString(status)}")
