package main

import (
	"testing"

	"google.golang.org/protobuf/types/known/structpb"
)

func fields(pairs ...string) map[string]*structpb.Value {
	out := map[string]*structpb.Value{}
	for i := 0; i < len(pairs); i += 2 {
		out[pairs[i]] = structpb.NewStringValue(pairs[i+1])
	}
	return out
}

func TestSameIdentity(t *testing.T) {
	const urn = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::jobs"
	tests := map[string]struct {
		id         string
		olds, news map[string]*structpb.Value
		want       bool
	}{
		"a name that stays":        {"jobs-eu", fields("name", "jobs-eu"), fields("name", "jobs-eu"), true},
		"a name that changes":      {"jobs-eu", fields("name", "jobs-eu"), fields("name", "jobs-us"), false},
		"a generated name":         {"jobs-0a1b2c3", fields("name", "jobs-0a1b2c3"), fields("name", "jobs-0a1b2c3"), false},
		"a generated FIFO name":    {"jobs-0a1b2c3.fifo", fields("name", "jobs-0a1b2c3.fifo"), fields("name", "jobs-0a1b2c3.fifo"), false},
		"one of two parts changes": {"web/cpu", fields("cluster", "web", "name", "cpu"), fields("cluster", "web", "name", "memory"), false},
		"both parts stay":          {"web/cpu", fields("cluster", "web", "name", "cpu"), fields("cluster", "web", "name", "cpu"), true},
		"inputs not in the id":     {"i-123", fields("name", "web"), fields("name", "web"), false},
		"part of a word":           {"website", fields("name", "web"), fields("name", "web"), false},
	}
	for name, test := range tests {
		if got := sameIdentity(test.id, urn, test.olds, test.news); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
