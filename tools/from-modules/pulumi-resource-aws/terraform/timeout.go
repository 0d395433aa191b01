package terraform

import (
	"context"
	"encoding/json"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	p5 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/vendored/tfplugin5"
)

// timeoutsKey is where Terraform's older SDK keeps timeouts in a resource's private state.
const timeoutsKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0"

// applyInTime applies a change within the operation's timeout. Many resources have timeouts of
// their own to set; the others know none, and are stopped from outside.
func (s *Server) applyInTime(ctx context.Context, q *p5.ApplyResourceChange_Request, kind kind, operation *Operation) (*p5.ApplyResourceChange_Response, error) {
	switch {
	case operation.Timeout <= 0:
		return s.Client.ApplyResourceChange(ctx, q)
	case !s.hasTimeout(q.TypeName, kind):
		return s.applyAlone(ctx, q, kind, operation)
	case s.isOlder(q.TypeName):
		return s.applyWithPrivate(ctx, q, kind, operation.Timeout)
	}
	return s.applyWithBlock(ctx, q, kind, operation.Timeout)
}

func (s *Server) hasTimeout(typeName string, kind kind) bool {
	_, ok := s.timeouts(typeName).AttributeTypes[string(kind)]
	return ok
}

// timeouts is the type of the block in which Terraform programs set a resource's timeouts.
func (s *Server) timeouts(typeName string) tftypes.Object {
	object, _ := s.typeOf(typeName).(tftypes.Object)
	timeouts, _ := object.AttributeTypes["timeouts"].(tftypes.Object)
	return timeouts
}

// applyWithPrivate sets the timeout where Terraform's older SDK would write what it read from the
// block.
func (s *Server) applyWithPrivate(ctx context.Context, q *p5.ApplyResourceChange_Request, kind kind, timeout time.Duration) (*p5.ApplyResourceChange_Response, error) {
	private := map[string]any{}
	if len(q.PlannedPrivate) > 0 {
		if err := json.Unmarshal(q.PlannedPrivate, &private); err != nil {
			return nil, fmt.Errorf("the private state of %s: %w", q.TypeName, err)
		}
	}
	timeouts, _ := private[timeoutsKey].(map[string]any)
	if timeouts == nil {
		timeouts = map[string]any{}
	}
	timeouts[string(kind)] = timeout.Nanoseconds()
	private[timeoutsKey] = timeouts
	var err error
	if q.PlannedPrivate, err = json.Marshal(private); err != nil {
		return nil, err
	}
	return s.Client.ApplyResourceChange(ctx, q)
}

// applyWithBlock sets the timeout in the block itself, from which Terraform's newer framework reads
// it, and takes it out again: the block is no property of the Pulumi resource.
func (s *Server) applyWithBlock(ctx context.Context, q *p5.ApplyResourceChange_Request, kind kind, timeout time.Duration) (*p5.ApplyResourceChange_Response, error) {
	t := s.timeouts(q.TypeName)
	values := map[string]tftypes.Value{}
	for name, attribute := range t.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	values[string(kind)] = tftypes.NewValue(tftypes.String, timeout.String())
	block := tftypes.NewValue(t, values)
	if kind == deletion {
		q.PriorState = s.withTimeouts(q.TypeName, q.PriorState, block)
	} else {
		q.PlannedState = s.withTimeouts(q.TypeName, q.PlannedState, block)
	}
	r, err := s.Client.ApplyResourceChange(ctx, q)
	if err == nil {
		r.NewState = s.withTimeouts(q.TypeName, r.NewState, tftypes.NewValue(t, nil))
	}
	return r, err
}

func (s *Server) withTimeouts(typeName string, state *p5.DynamicValue, block tftypes.Value) *p5.DynamicValue {
	fields, ok := s.fields(typeName, state)
	if !ok {
		return state
	}
	fields["timeouts"] = block
	t := s.typeOf(typeName)
	return packed(t, tftypes.NewValue(t, fields), state)
}

// applyAlone gives the change a Terraform provider of its own, which is stopped when the time is
// up: then it ends what it waits for, and says what it has made. Stopping the one that all others
// use would end theirs, too, and giving up the call would lose the answer.
func (s *Server) applyAlone(ctx context.Context, q *p5.ApplyResourceChange_Request, kind kind, operation *Operation) (*p5.ApplyResourceChange_Response, error) {
	client, kill, err := s.Start()
	if err != nil {
		return nil, err
	}
	defer kill()
	configured, err := client.Configure(ctx, s.configured)
	if err != nil {
		return nil, err
	}
	if failed(configured.Diagnostics) {
		return &p5.ApplyResourceChange_Response{NewState: q.PriorState, Diagnostics: configured.Diagnostics}, nil
	}
	var late atomic.Bool
	timer := time.AfterFunc(operation.Timeout, func() {
		late.Store(true)
		_, _ = client.Stop(ctx, &p5.Stop_Request{})
	})
	defer timer.Stop()
	r, err := client.ApplyResourceChange(ctx, q)
	if err == nil && late.Load() && failed(r.Diagnostics) { // which it is not when it just made it
		operation.fail(fmt.Sprintf("It took longer than customTimeouts.%s, which is %v", kind, operation.Timeout))
	}
	return r, err
}
