"""From a model and an experiment to steps that an integrator can run."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pybamm

from twin.errors import TwinError
from twin.models import compat
from twin.models.compat_solvers import check_of_bounds
from twin.run.steps import CLOCK, Step


def plan(
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
    experiment: pybamm.Experiment | Sequence[Any] | str | float,
    parameters: Mapping[str, float],
    outputs: Sequence[str],
    solver: pybamm.BaseSolver,
    simulation_options: Mapping[str, Any],
) -> tuple[list[Step], list[int]]:
    """Built models for the steps of an experiment, and the cycle that each is in.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
        Left as they are.
    experiment : pybamm.Experiment, its list of steps, or float
        A number runs the model's own current function for that many seconds.
    parameters : mapping of str to float
        Names and values; these become inputs.
    outputs : sequence of str
        Variables that will be asked for.
    solver : pybamm.BaseSolver
        Copied for each kind of step.
    simulation_options : mapping
        Further arguments of :class:`pybamm.Simulation`.

    Raises
    ------
    TwinError
        If the experiment, or the parameters as inputs, cannot be served.
    """
    _check_mesh(model, simulation_options)
    protocol = _experiment(experiment)
    values = parameter_values.copy()
    values.update(dict.fromkeys(parameters, "[input]"))
    simulation = pybamm.Simulation(
        _with_inputs(model, parameters),
        parameter_values=values,
        experiment=None if isinstance(protocol, float) else protocol,
        solver=solver,
        **{
            "discretisation_kwargs": check_of_bounds(parameters),
            **simulation_options,
        },
    )
    inputs = {**parameters, CLOCK: 1.0}
    if isinstance(protocol, float):
        return _single(simulation, protocol, inputs), [1]
    steps = _steps(simulation, protocol, inputs)
    _refuse_clocks(steps, outputs)
    lengths = protocol.cycle_lengths
    return steps, [n for n, length in enumerate(lengths, 1) for _ in range(length)]


def _experiment(
    experiment: pybamm.Experiment | Sequence[Any] | str | float,
) -> pybamm.Experiment | float:
    if isinstance(experiment, int | float):
        if not (math.isfinite(experiment) and experiment > 0):
            raise TwinError(f"a run must last longer than 0 s, not {experiment} s")
        return float(experiment)
    if isinstance(experiment, str):
        experiment = [experiment]
    if not isinstance(experiment, pybamm.Experiment):
        experiment = pybamm.Experiment(list(experiment))
    if experiment.termination:
        raise TwinError(
            "an experiment with a termination of its own "
            f"({experiment.termination_string}) has no derivatives across it; give "
            "the limit to its steps"
        )
    if any(step.start_time is not None for step in experiment.steps):
        raise TwinError(
            "steps with a start time are padded by rests that depend on when the step "
            "before ended; write the rests as steps"
        )
    return experiment


def _with_inputs(
    model: pybamm.BaseModel, parameters: Mapping[str, float]
) -> pybamm.BaseModel:
    """The model with every parameter an input of every step.

    Where a step does not depend on a parameter, its start may all the same.
    """
    copy = model.new_copy()
    symbols = [pybamm.InputParameter(name) for name in (*parameters, CLOCK)]
    copy.variables = {**model.variables, "Sensitivity parameters": sum(symbols)}
    return copy


def _single(
    simulation: pybamm.Simulation, duration: float, inputs: dict[str, float]
) -> list[Step]:
    with _explained():
        simulation.build(inputs=inputs)
    stops = np.array([0.0, duration])
    label = f"{duration:g} s"
    return [Step(label, simulation.built_model, simulation.solver, stops, np.empty(0))]


def _steps(
    simulation: pybamm.Simulation,
    experiment: pybamm.Experiment,
    inputs: dict[str, float],
) -> list[Step]:
    with _explained():
        simulation.build_for_experiment(inputs=inputs)
    steps = []
    for step in experiment.steps:
        solver = simulation.steps_to_built_solvers[step.basic_repr()]
        stops, samples = step.setup_timestepping(solver, step.duration)
        steps.append(
            Step(
                str(step),
                simulation.steps_to_built_models[step.basic_repr()],
                solver,
                np.asarray(stops, dtype=float),
                np.asarray(samples, dtype=float),
                needs_event=step.uses_default_duration,
                can_be_skipped=step.skip_ok,
            )
        )
    return steps


def _refuse_clocks(steps: Sequence[Step], outputs: Sequence[str]) -> None:
    """Refuse what depends on the time of the whole run: each step has its own clock."""
    for step in steps:
        if compat.depends_on_run_time(step.model, outputs):
            raise TwinError(
                "the model or an output depends on the time since the start of the "
                "run; derivatives are taken at fixed time since the start of the step",
                where=step.label,
            )


@contextmanager
def _explained() -> Iterator[None]:
    """Say what to do where PyBaMM cannot build a model with these inputs."""
    try:
        yield
    except (pybamm.ModelError, pybamm.GeometryError, pybamm.DiscretisationError) as e:
        raise TwinError(f"PyBaMM cannot take these parameters as inputs: {e}") from e
    # how the mesh answers to an end of a domain that is no number
    except IndexError as error:
        raise TwinError(
            "a parameter sets the extent of a domain; mesh it with "
            "pybamm.SymbolicUniform1DSubMesh",
            where="submesh_types",
        ) from error


def _check_mesh(model: pybamm.BaseModel, options: Mapping[str, Any]) -> None:
    """Refuse a mesh that is symbolic in part: PyBaMM joins the parts wrongly."""
    geometry = options.get("geometry") or model.default_geometry
    meshes = options.get("submesh_types") or model.default_submesh_types
    layers = ["negative electrode", "separator", "positive electrode"]
    if getattr(model, "options", {}).get("working electrode") == "positive":
        layers = layers[1:]
    symbolic = {
        layer: _is_symbolic(meshes[layer])
        for layer in layers
        if layer in geometry and layer in meshes
    }
    if len(set(symbolic.values())) > 1:
        fixed = ", ".join(layer for layer, is_so in symbolic.items() if not is_so)
        raise TwinError(
            f"SymbolicUniform1DSubMesh is needed in all layers or none; add {fixed}",
            where="submesh_types",
        )


def _is_symbolic(mesh: Any) -> bool:
    kind = getattr(mesh, "submesh_type", mesh)
    return isinstance(kind, type) and issubclass(kind, pybamm.SymbolicUniform1DSubMesh)
