package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// server is the bridge's server, corrected where programs written for version 7 of @pulumi/aws
// expect something else than what version 5 of the Terraform provider does.
type server struct {
	pulumirpc.ResourceProviderServer
	tf    *terraform.Server
	known map[string]bool // the resource tokens in the table
}

const getRegion = "aws:index/getRegion:getRegion"

// Invoke adds to functions the region that version 7 gives and takes.
func (s *server) Invoke(ctx context.Context, q *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	region := terraform.Region()
	asked := q.Args.GetFields()["region"].GetStringValue()
	if q.Tok != getRegion && asked != "" && region != "" && asked != region {
		return nil, fmt.Errorf("%s: %w", q.Tok, otherRegion(asked, region))
	}
	r, err := s.ResourceProviderServer.Invoke(ctx, q)
	if err != nil || r.GetReturn() == nil || len(r.Failures) > 0 {
		return r, err
	}
	fields := r.Return.Fields
	if q.Tok == getRegion {
		fields["region"] = fields["name"]
	} else if _, ok := fields["region"]; !ok && region != "" {
		fields["region"] = structpb.NewStringValue(region)
	}
	return r, nil
}

func otherRegion(asked, region string) error {
	return fmt.Errorf("region %q is not the provider's %q; the Terraform AWS provider here has one region "+
		"per provider: pass a provider for that region", asked, region)
}

// Check maps the URN; so do Create, Update and Delete.
func (s *server) Check(ctx context.Context, q *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	q.Urn = plainURN(q.Urn, s.known)
	return s.ResourceProviderServer.Check(ctx, q)
}

func (s *server) Create(ctx context.Context, q *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	q.Urn = plainURN(q.Urn, s.known)
	return s.ResourceProviderServer.Create(ctx, q)
}

func (s *server) Update(ctx context.Context, q *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	q.Urn = plainURN(q.Urn, s.known)
	return s.ResourceProviderServer.Update(ctx, q)
}

func (s *server) Delete(ctx context.Context, q *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	q.Urn = plainURN(q.Urn, s.known)
	return s.ResourceProviderServer.Delete(ctx, q)
}

// Diff asks for the old resource to go first when its replacement would bear the same identity:
// created first, it would clash with the old one or, worse, be taken over by it and then deleted
// along with it.
func (s *server) Diff(ctx context.Context, q *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	q.Urn = plainURN(q.Urn, s.known)
	r, err := s.ResourceProviderServer.Diff(ctx, q)
	if err == nil && len(r.Replaces) > 0 && !r.DeleteBeforeReplace {
		r.DeleteBeforeReplace = sameIdentity(q.Id, q.Urn, q.OldInputs.GetFields(), q.News.GetFields())
	}
	return r, err
}

// Read says plainly that a resource is not there. The bridge answers with an empty ID and an empty
// object, and the engine takes any object for a find: importing what does not exist would succeed.
func (s *server) Read(ctx context.Context, q *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	q.Urn = plainURN(q.Urn, s.known)
	r, err := s.ResourceProviderServer.Read(ctx, q)
	if err == nil && r.Id == "" {
		return &pulumirpc.ReadResponse{}, nil
	}
	if err == nil && r.Inputs != nil {
		// Terraform's older resources declare their id as something one could set.
		delete(r.Inputs.Fields, "id")
	}
	return r, err
}

// Cancel ends what the Terraform provider is waiting for; the bridge leaves it running.
func (s *server) Cancel(ctx context.Context, e *emptypb.Empty) (*emptypb.Empty, error) {
	if _, err := s.tf.StopProvider(ctx, &tfprotov6.StopProviderRequest{}); err != nil {
		return nil, err
	}
	return s.ResourceProviderServer.Cancel(ctx, e)
}
