// SPDX-License-Identifier: Apache-2.0

// Plan a night from Go: a Problem in, a Plan out, through pipes.
//
//	plan_client [COMMAND]    COMMAND: the kerbside command; default $KERBSIDE, then "kerbside"
//
// The classes are generated from io/proto (examples/go/build). Travel is given as explicit matrices,
// so no map is needed.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"time"

	"google.golang.org/protobuf/proto"

	pb "kerbside/v1"
)

var nightStart = time.Date(2026, 11, 2, 20, 0, 0, 0, time.UTC)

type place struct {
	id       string
	lat, lon float64
}

// The depot, the transfer station, and three yards.
var places = []place{
	{"D1", 57.700, 11.950}, {"T1", 57.712, 11.990},
	{"S1", 57.703, 11.957}, {"S2", 57.706, 11.962}, {"S3", 57.709, 11.970},
}

// seconds is an instant, hours after the night's start.
func seconds(hours float64) *int64 {
	return proto.Int64(nightStart.Unix() + int64(3600*hours))
}

// drive is a straight line times 1.3 at 25 km/h, in ms and mm. A real client asks its road engine.
func drive(a, b place) (int32, int32) {
	x := (b.lon - a.lon) * math.Cos(a.lat*math.Pi/180) * 111320
	y := (b.lat - a.lat) * 111320
	length := 1.3 * math.Hypot(x, y)
	return int32(length / 25 * 3.6 * 1000), int32(length * 1000)
}

func buildMatrices() *pb.Matrices {
	matrices := &pb.Matrices{Matrices: []*pb.Matrix{{}}}
	matrix := matrices.Matrices[0]
	for _, from := range places {
		matrices.PlaceIds = append(matrices.PlaceIds, from.id)
		for _, to := range places {
			timeMs, lengthMm := drive(from, to)
			matrix.TimeMs = append(matrix.TimeMs, timeMs)
			matrix.LengthMm = append(matrix.LengthMm, lengthMm)
		}
	}
	return matrices
}

// addSites gives each yard a container; the first is nearly full, the last nearly empty.
func addSites(problem *pb.Problem) {
	for number, at := range places[2:] {
		container := at.id + "-food"
		problem.Sites = append(problem.Sites, &pb.Site{Id: proto.String(at.id),
			LatDeg: proto.Float64(at.lat), LonDeg: proto.Float64(at.lon), SetupS: proto.Float64(60)})
		problem.Containers = append(problem.Containers, &pb.Container{Id: proto.String(container),
			SiteId: proto.String(at.id), Stream: pb.Stream_STREAM_FOOD.Enum(),
			VolumeL: proto.Float64(660), DensityKgPerL: proto.Float64(0.4),
			ServiceS: proto.Float64(45), LastEmptiedS: seconds(-72)})
		problem.Reports = append(problem.Reports, &pb.Report{ContainerId: proto.String(container),
			MeasuredS: seconds(-1), FillRatio: proto.Float64(0.95 - 0.4*float64(number))})
	}
}

func buildProblem() *pb.Problem {
	food := pb.Stream_STREAM_FOOD.Enum()
	problem := &pb.Problem{
		SchemaVersion:    proto.Uint32(1),
		RequiredFeatures: []string{"explicit_matrices"},
		District: &pb.District{Id: proto.String("go"), Currency: proto.String("EUR"),
			TimeZone: proto.String("Etc/UTC"), ServiceDay: proto.String("2026-11-02"),
			AsOfS: seconds(-0.5), NightStartS: seconds(0), NightEndS: seconds(10),
			Coordinates: pb.Coordinates_COORDINATES_WGS84.Enum(), MustRatio: proto.Float64(0.8),
			MayRatio: proto.Float64(0.5), PriceUnservedMust: proto.Float64(500),
			PriceOverflowPerDay: proto.Float64(60)},
		Vehicles: []*pb.Vehicle{{Id: proto.String("V1"), Use: pb.VehicleUse_VEHICLE_USE_TRUCK.Enum(),
			PriceUsed: proto.Float64(120), PricePerKm: proto.Float64(1.8),
			Compartments: []*pb.Compartment{{Streams: []pb.Stream{*food},
				CapacityKg: proto.Float64(3500), CapacityL: proto.Float64(9000)}}}},
		Shifts: []*pb.Shift{{Id: proto.String("H1"), VehicleId: proto.String("V1"),
			StartDepot: proto.String("D1"), EndDepot: proto.String("D1"), StartS: seconds(1),
			EndS: seconds(9), PricePerHour: proto.Float64(40)}},
		Depots: []*pb.Depot{{Id: proto.String("D1"), LatDeg: proto.Float64(places[0].lat),
			LonDeg: proto.Float64(places[0].lon)}},
		Facilities: []*pb.Facility{{Id: proto.String("T1"),
			Kind:   pb.FacilityKind_FACILITY_KIND_TRANSFER_STATION.Enum(),
			LatDeg: proto.Float64(places[1].lat), LonDeg: proto.Float64(places[1].lon),
			UnloadS: proto.Float64(300),
			Gates:   []*pb.Gate{{Stream: food, FeePerTonne: proto.Float64(40)}}}},
		Travel: &pb.Problem_Matrices{Matrices: buildMatrices()},
	}
	addSites(problem)
	return problem
}

// solve pipes the problem through the command. Exit codes: 0 a plan; 5 one that needs attention.
func solve(command string, problem *pb.Problem) (*pb.Plan, error) {
	in, err := proto.Marshal(problem)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	run := exec.Command(command, "plan", "-", "-o", "-", "--iterations", "20", "--quiet")
	run.Stdin, run.Stdout, run.Stderr = bytes.NewReader(in), &out, os.Stderr
	var exit *exec.ExitError
	if err := run.Run(); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == 5) {
		return nil, err
	}
	plan := &pb.Plan{}
	return plan, proto.Unmarshal(out.Bytes(), plan)
}

func main() {
	command := "kerbside"
	if named := os.Getenv("KERBSIDE"); named != "" {
		command = named
	}
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	plan, err := solve(command, buildProblem())
	if err != nil {
		fmt.Fprintln(os.Stderr, "plan_client:", err)
		os.Exit(1)
	}
	fmt.Printf("plan %s: %d routes, %.2f %s, at least %.2f\n", plan.GetId(), len(plan.GetRoutes()),
		float64(plan.GetCostNano())/1e9, plan.GetCurrency(),
		float64(plan.GetBound().GetBoundNano())/1e9)
	for _, route := range plan.GetRoutes() {
		fmt.Printf("%s %s: %d containers, %.1f km\n", route.GetShift(), route.GetVehicle(),
			route.GetNServed(), float64(route.GetLengthMm())/1e6)
	}
	for _, decision := range plan.GetDecisions() {
		if !decision.GetServed() {
			fmt.Printf("left: %s: %s\n", decision.GetId(), decision.GetReason().GetCode())
		}
	}
}
