// Package terraform runs a stock Terraform AWS provider and presents it to the bridge.
package terraform

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// Server presents a running Terraform provider that speaks plugin protocol 5 as a
// tfprotov6.ProviderServer, which is what the bridge drives. Protocol 5 is a subset of 6, so only
// names change on the way.
type Server struct {
	unsupported
	Client p5.ProviderClient
	Start  func() (client p5.ProviderClient, kill func(), err error) // another one, for a while

	config     tftypes.Type // of the provider's own configuration
	resources  map[string]*tfprotov6.Schema
	configured *p5.Configure_Request
}

var _ tfprotov6.ProviderServer = (*Server)(nil)

func (s *Server) GetProviderSchema(ctx context.Context, _ *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	r, err := s.Client.GetSchema(ctx, &p5.GetProviderSchema_Request{})
	if err != nil {
		return nil, err
	}
	out := &tfprotov6.GetProviderSchemaResponse{
		ServerCapabilities: &tfprotov6.ServerCapabilities{},
		ResourceSchemas:    make(map[string]*tfprotov6.Schema, len(r.ResourceSchemas)),
		DataSourceSchemas:  make(map[string]*tfprotov6.Schema, len(r.DataSourceSchemas)),
		Functions:          map[string]*tfprotov6.Function{},
		Diagnostics:        operationIn(ctx).take(r.Diagnostics),
	}
	if c := r.ServerCapabilities; c != nil {
		out.ServerCapabilities.PlanDestroy = c.PlanDestroy
		out.ServerCapabilities.MoveResourceState = c.MoveResourceState
		out.ServerCapabilities.GetProviderSchemaOptional = c.GetProviderSchemaOptional
	}
	if out.Provider, err = schemaTo6(r.Provider); err != nil {
		return nil, err
	}
	if out.Provider != nil {
		s.config = out.Provider.ValueType()
	}
	if out.ProviderMeta, err = schemaTo6(r.ProviderMeta); err != nil {
		return nil, err
	}
	for k, v := range r.ResourceSchemas {
		if out.ResourceSchemas[k], err = schemaTo6(v); err != nil {
			return nil, fmt.Errorf("%s: %w", k, err)
		}
	}
	s.resources = out.ResourceSchemas
	for k, v := range r.DataSourceSchemas {
		if out.DataSourceSchemas[k], err = schemaTo6(v); err != nil {
			return nil, fmt.Errorf("data %s: %w", k, err)
		}
	}
	return out, nil
}

// typeOf is the type of a resource's states.
func (s *Server) typeOf(typeName string) tftypes.Type {
	return s.resources[typeName].ValueType()
}

// isOlder reports whether a resource is made with Terraform's older SDK, which declares an id that
// one could set.
func (s *Server) isOlder(typeName string) bool {
	for _, a := range s.resources[typeName].Block.Attributes {
		if a.Name == "id" {
			return a.Optional
		}
	}
	return false
}

func (s *Server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (s *Server) ValidateProviderConfig(ctx context.Context, q *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	r, err := s.Client.PrepareProviderConfig(ctx, &p5.PrepareProviderConfig_Request{
		Config: withoutEndpoints(valueTo5(q.Config), s.config),
	})
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ValidateProviderConfigResponse{Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}

func (s *Server) ConfigureProvider(ctx context.Context, q *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	rememberRegion(q.Config, s.config)
	s.configured = &p5.Configure_Request{TerraformVersion: q.TerraformVersion, Config: valueTo5(q.Config)}
	r, err := s.Client.Configure(ctx, s.configured)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ConfigureProviderResponse{Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}

func (s *Server) ValidateResourceConfig(ctx context.Context, q *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	req := &p5.ValidateResourceTypeConfig_Request{TypeName: q.TypeName, Config: valueTo5(q.Config)}
	if q.ClientCapabilities != nil {
		req.ClientCapabilities = &p5.ClientCapabilities{WriteOnlyAttributesAllowed: q.ClientCapabilities.WriteOnlyAttributesAllowed}
	}
	r, err := s.Client.ValidateResourceTypeConfig(ctx, req)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}

func (s *Server) UpgradeResourceState(ctx context.Context, q *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	req := &p5.UpgradeResourceState_Request{TypeName: q.TypeName, Version: q.Version}
	if q.RawState != nil {
		req.RawState = &p5.RawState{Json: q.RawState.JSON, Flatmap: q.RawState.Flatmap}
	}
	r, err := s.Client.UpgradeResourceState(ctx, req)
	if err != nil {
		return nil, err
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: valueTo6(r.UpgradedState), Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}

func (s *Server) ReadResource(ctx context.Context, q *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	r, err := s.Client.ReadResource(ctx, &p5.ReadResource_Request{
		TypeName: q.TypeName, CurrentState: valueTo5(q.CurrentState), Private: q.Private, ProviderMeta: valueTo5(q.ProviderMeta),
	})
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ReadResourceResponse{NewState: valueTo6(r.NewState), Private: r.Private, Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}

func (s *Server) PlanResourceChange(ctx context.Context, q *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	r, err := s.Client.PlanResourceChange(ctx, &p5.PlanResourceChange_Request{
		TypeName: q.TypeName, PriorState: valueTo5(q.PriorState), ProposedNewState: valueTo5(q.ProposedNewState),
		Config: valueTo5(q.Config), PriorPrivate: q.PriorPrivate, ProviderMeta: valueTo5(q.ProviderMeta),
	})
	if err != nil {
		return nil, err
	}
	out := &tfprotov6.PlanResourceChangeResponse{
		PlannedState: valueTo6(r.PlannedState), PlannedPrivate: r.PlannedPrivate,
		Diagnostics: operationIn(ctx).take(r.Diagnostics), UnsafeToUseLegacyTypeSystem: r.LegacyTypeSystem,
	}
	for _, p := range r.RequiresReplace {
		if ap := pathTo6(p); ap != nil {
			out.RequiresReplace = append(out.RequiresReplace, ap)
		}
	}
	return out, nil
}

func (s *Server) ImportResourceState(ctx context.Context, q *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	r, err := s.Client.ImportResourceState(ctx, &p5.ImportResourceState_Request{TypeName: q.TypeName, Id: q.ID})
	if err != nil {
		return nil, err
	}
	out := &tfprotov6.ImportResourceStateResponse{Diagnostics: operationIn(ctx).take(r.Diagnostics)}
	for _, x := range r.ImportedResources {
		out.ImportedResources = append(out.ImportedResources, &tfprotov6.ImportedResource{
			TypeName: x.TypeName, State: valueTo6(x.State), Private: x.Private,
		})
	}
	return out, nil
}

func (s *Server) ValidateDataResourceConfig(ctx context.Context, q *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	r, err := s.Client.ValidateDataSourceConfig(ctx, &p5.ValidateDataSourceConfig_Request{TypeName: q.TypeName, Config: valueTo5(q.Config)})
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ValidateDataResourceConfigResponse{Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}

func (s *Server) ReadDataSource(ctx context.Context, q *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	r, err := s.Client.ReadDataSource(ctx, &p5.ReadDataSource_Request{
		TypeName: q.TypeName, Config: valueTo5(q.Config), ProviderMeta: valueTo5(q.ProviderMeta),
	})
	if err != nil {
		return nil, err
	}
	return &tfprotov6.ReadDataSourceResponse{State: valueTo6(r.State), Diagnostics: operationIn(ctx).take(r.Diagnostics)}, nil
}
