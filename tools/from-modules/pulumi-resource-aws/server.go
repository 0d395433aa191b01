package main

import (
	"context"
	"fmt"
	"sync/atomic"

	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi/pkg/v3/resource/provider"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"

	"groundwork/from-modules/pulumi-resource-aws/terraform"
)

// server is the bridge's server, corrected where programs written for version 7 of @pulumi/aws
// expect something else than what version 5 of the Terraform provider does.
type server struct {
	pulumirpc.ResourceProviderServer
	info  tfbridge.ProviderInfo
	names map[string]string // Terraform's, by resource token
	warn  func(ctx context.Context, urn resource.URN, message string)

	changes atomic.Int32 // under way
}

func newServer(ctx context.Context, host *provider.HostClient, info tfbridge.ProviderInfo) (*server, error) {
	inner, err := pfbridge.NewProviderServer(ctx, host, info, pfbridge.ProviderMetadata{PackageSchema: []byte("{}")})
	warn := func(ctx context.Context, urn resource.URN, message string) {
		_ = host.Log(ctx, diag.Warning, urn, message) // to an engine that has gone
	}
	return &server{ResourceProviderServer: inner, info: info, names: namesByToken(info), warn: warn}, err
}

const getRegion = "aws:index/getRegion:getRegion"

// Invoke adds to functions the region that version 7 gives and takes.
func (s *server) Invoke(ctx context.Context, q *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	region := terraform.Region()
	asked := q.Args.GetFields()["region"].GetStringValue()
	if q.Tok != getRegion && asked != "" && region != "" && asked != region {
		return nil, fmt.Errorf("%s: %w", q.Tok, otherRegion(asked, region))
	}
	operation := &terraform.Operation{}
	r, err := s.ResourceProviderServer.Invoke(operation.In(ctx), q)
	if err != nil || r.GetReturn() == nil || len(r.Failures) > 0 {
		return r, s.failure("", operation, err)
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

// Check maps the URN; so do the other methods that have one.
func (s *server) Check(ctx context.Context, q *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	q.Urn = plainURN(q.Urn, s.names)
	operation := &terraform.Operation{}
	r, err := s.ResourceProviderServer.Check(operation.In(ctx), q)
	s.report(ctx, q.Urn, operation)
	return r, s.failure(q.Urn, operation, err)
}

// Diff asks for the old resource to go first when its replacement would bear the same identity:
// created first, it would clash with the old one or, worse, be taken over by it and then deleted
// along with it.
func (s *server) Diff(ctx context.Context, q *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	q.Urn = plainURN(q.Urn, s.names)
	operation := &terraform.Operation{}
	r, err := s.ResourceProviderServer.Diff(operation.In(ctx), q)
	if err == nil && len(r.Replaces) > 0 && !r.DeleteBeforeReplace {
		r.DeleteBeforeReplace = sameIdentity(q.Id, q.Urn, q.OldInputs.GetFields(), q.News.GetFields())
	}
	return r, s.failure(q.Urn, operation, err)
}

// Read says plainly that a resource is not there. The bridge answers with an empty ID and an empty
// object, and the engine takes any object for a find: importing what does not exist would succeed.
func (s *server) Read(ctx context.Context, q *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	q.Urn = plainURN(q.Urn, s.names)
	operation := &terraform.Operation{}
	r, err := s.ResourceProviderServer.Read(operation.In(ctx), q)
	if err == nil && r.Id == "" {
		return &pulumirpc.ReadResponse{}, nil
	}
	if err == nil && r.Inputs != nil {
		// Terraform's older resources declare their id as something one could set.
		delete(r.Inputs.Fields, "id")
	}
	return r, s.failure(q.Urn, operation, err)
}
