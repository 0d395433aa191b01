package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil/rpcerror"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// Create keeps what a failure leaves; so does Update. The engine takes it into the state, with the
// reasons, and the next update goes on from there.
//
// Nothing cuts them short: the bridge does nothing on Cancel, and the engine waits for what runs.
func (s *server) Create(ctx context.Context, q *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	s.changes.Add(1)
	defer s.changes.Add(-1)
	q.Urn = plainURN(q.Urn, s.names)
	operation := &terraform.Operation{Timeout: seconds(q.Timeout)}
	r, err := s.ResourceProviderServer.Create(operation.In(ctx), q)
	s.report(ctx, q.Urn, operation)
	if err == nil && len(operation.Errors) > 0 {
		return nil, s.partial(q.Urn, operation, r.Id, r.Properties)
	}
	return r, s.failure(q.Urn, operation, err)
}

func (s *server) Update(ctx context.Context, q *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	s.changes.Add(1)
	defer s.changes.Add(-1)
	q.Urn = plainURN(q.Urn, s.names)
	operation := &terraform.Operation{Timeout: seconds(q.Timeout)}
	r, err := s.ResourceProviderServer.Update(operation.In(ctx), q)
	s.report(ctx, q.Urn, operation)
	if err == nil && len(operation.Errors) > 0 {
		return nil, s.partial(q.Urn, operation, q.Id, r.Properties)
	}
	return r, s.failure(q.Urn, operation, err)
}

// Delete counts what is gone as deleted, whatever AWS calls that.
func (s *server) Delete(ctx context.Context, q *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	s.changes.Add(1)
	defer s.changes.Add(-1)
	q.Urn = plainURN(q.Urn, s.names)
	operation := &terraform.Operation{Timeout: seconds(q.Timeout), Private: privateState(q.Properties)}
	r, err := s.ResourceProviderServer.Delete(operation.In(ctx), q)
	s.report(ctx, q.Urn, operation)
	if err == nil {
		return r, nil
	}
	err = s.failure(q.Urn, operation, err)
	found, readErr := s.Read(ctx, &pulumirpc.ReadRequest{
		Id: q.Id, Urn: q.Urn, Inputs: q.OldInputs, Properties: q.Properties,
	})
	if readErr == nil && found.Id == "" || readErr != nil && saysGone(err) && saysGone(readErr) {
		return &emptypb.Empty{}, nil
	}
	return nil, err
}

// gone matches the many ways in which AWS says that something does not exist.
var gone = regexp.MustCompile(`(?i)not ?found|no ?such|non-?existent|does ?not ?exist|StatusCode: 404`)

func saysGone(err error) bool { return gone.MatchString(err.Error()) }

// partial is the error by which the engine knows that something was made all the same.
func (s *server) partial(urn string, operation *terraform.Operation, id string, properties *structpb.Struct) error {
	reasons := s.reasons(urn, operation.Errors)
	return rpcerror.WithDetails(rpcerror.New(codes.Unknown, reasons[0]), &pulumirpc.ErrorResourceInitFailed{
		Id: id, Properties: properties, Reasons: reasons,
	})
}

func seconds(timeout float64) time.Duration {
	return time.Duration(timeout * float64(time.Second))
}

// privateState is Terraform's, as the bridge keeps it in a resource's state. It has the timeouts
// that the resource was made with.
func privateState(properties *structpb.Struct) []byte {
	var meta struct {
		PrivateState string `json:"private_state"`
	}
	if json.Unmarshal([]byte(properties.GetFields()["__meta"].GetStringValue()), &meta) != nil {
		return nil
	}
	private, _ := base64.StdEncoding.DecodeString(meta.PrivateState)
	return private
}
