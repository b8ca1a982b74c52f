// SPDX-License-Identifier: GPL-3.0-or-later
// ortools.mjs DIR: a CVRP as JSON on standard input, its routes as JSON on standard output.
// DIR is where npm installed or-tools-wasm.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const from = createRequire(resolve(process.argv[2], 'package.json'));
const found = from.resolve('or-tools-wasm/routing');
const { FirstSolutionStrategy, RoutingIndexManager, RoutingModel, initRouting } = await import(
  pathToFileURL(found).href
);

const asked = JSON.parse(readFileSync(0, 'utf8'));
await initRouting();
const manager = new RoutingIndexManager(asked.cost.length, asked.vehicles, 0);
await manager.ready;
const model = new RoutingModel(manager);
await model.ready;
model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(asked.cost));
model.AddDimensionWithVehicleCapacity(
  model.RegisterUnaryTransitVector(asked.demand), 0, Array(asked.vehicles).fill(asked.capacity), true, 'load');
for (let node = 1; node < asked.cost.length; node++)
  model.AddDisjunction([manager.NodeToIndex(node)], 10_000_000); // rather left out than no answer at all
const answer = await model.SolveWithParameters({
  firstSolutionStrategy: FirstSolutionStrategy.SAVINGS,
});
const routes = [];
for (let vehicle = 0; answer && vehicle < asked.vehicles; vehicle++) {
  const route = [];
  for (let at = answer.Value(model.NextVar(model.Start(vehicle))); !model.IsEnd(at);
       at = answer.Value(model.NextVar(at)))
    route.push(manager.IndexToNode(at));
  if (route.length) routes.push(route);
}
console.log(JSON.stringify(routes));
process.exit(0); // its workers would keep the process
