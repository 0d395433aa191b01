package main

import (
	"encoding/json"
	"os"
)

// sdk is what extract.ts reads out of @pulumi/aws.
type sdk struct {
	Version   string `json:"version"`
	Resources map[string]struct {
		State properties `json:"state"`
		Args  properties `json:"args"`
	} `json:"resources"`
	Functions map[string]struct {
		Args   properties `json:"args"`
		Result properties `json:"result"`
	} `json:"functions"`
	In       map[string]properties `json:"in"`  // the object types of inputs
	Out      map[string]properties `json:"out"` // and of outputs
	Provider properties            `json:"provider"`
}

type properties map[string]property

type property struct {
	Optional bool  `json:"o"`
	Type     shape `json:"t"`
}

// shape is a property's type: one of these is set.
type shape struct {
	Primitive string // "s", "n", "b", "any", or "A": an asset or archive
	Array     *shape // of these
	Map       *shape // of these
	Ref       string // to an object type, by name
}

func (s *shape) UnmarshalJSON(text []byte) error {
	if text[0] == '"' {
		return json.Unmarshal(text, &s.Primitive)
	}
	var object struct {
		A *shape `json:"a"`
		M *shape `json:"m"`
		R string `json:"r"`
	}
	err := json.Unmarshal(text, &object)
	s.Array, s.Map, s.Ref = object.A, object.M, object.R
	return err
}

func readSDK(path string) *sdk {
	text, err := os.ReadFile(path)
	check(err)
	out := &sdk{}
	check(json.Unmarshal(text, out))
	return out
}
