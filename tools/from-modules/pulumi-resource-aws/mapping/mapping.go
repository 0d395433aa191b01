// Package mapping says which Pulumi token and property names @pulumi/aws uses for each Terraform
// resource and data source. The table is computed by ../gen from the npm package and from the
// Terraform provider's own schema; it holds only what the bridge would not derive by itself.
package mapping

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/json"
)

// Table is the whole mapping, by Terraform names.
type Table struct {
	Version     string             `json:"version"` // of the @pulumi/aws that it was computed from
	Resources   map[string]*Entity `json:"resources"`
	DataSources map[string]*Entity `json:"dataSources"`
	Config      map[string]*Field  `json:"config"`
}

// Entity is a resource or a data source.
type Entity struct {
	Token  string            `json:"t"`
	Fields map[string]*Field `json:"f,omitempty"`
}

// Field overrides what the bridge would derive for one attribute. Its keys are short: there are
// thousands.
type Field struct {
	Name     string            `json:"n,omitempty"`    // Pulumi's property name
	One      *bool             `json:"1,omitempty"`    // a list shown as a single value, or not
	AutoName bool              `json:"auto,omitempty"` // Pulumi makes up this name
	Fields   map[string]*Field `json:"f,omitempty"`    // of an object
	Elem     *Field            `json:"e,omitempty"`    // of a list, set or map
}

//go:embed table.json.gz
var packed []byte

// Load unpacks the table that is built into the program.
func Load() (*Table, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	table := &Table{}
	return table, json.NewDecoder(r).Decode(table)
}
