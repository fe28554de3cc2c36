// The peer for decoding and encoding: net/http with encoding/json into structs, the checks of echo/api/echo.yaml, and back.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net"
	"net/http"
	"regexp"
	"time"
	"unicode/utf8"
)

type Customer struct {
	UserID   string  `json:"user_id"`
	Name     string  `json:"name"`
	Language string  `json:"language"`
	Email    *string `json:"email,omitempty"`
}

type Line struct {
	SKU        string  `json:"sku"`
	Name       string  `json:"name"`
	Quantity   int64   `json:"quantity"`
	PriceMinor int64   `json:"price_minor"`
	ABVPercent float64 `json:"abv_percent"`
	Note       *string `json:"note,omitempty"`
}

type Order struct {
	OrderID   string    `json:"order_id"`
	CreatedAt time.Time `json:"created_at"`
	Currency  string    `json:"currency"`
	State     string    `json:"state"`
	Customer  Customer  `json:"customer"`
	Lines     []Line    `json:"lines"`
	Gift      bool      `json:"gift"`
	Tags      []string  `json:"tags"`
}

var (
	identifier = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._:-]*$`)
	currency   = regexp.MustCompile(`^[A-Z]{3}$`)
	states     = map[string]bool{"open": true, "paid": true, "shipped": true, "returned": true}
	languages  = map[string]bool{"ko": true, "en": true}
)

func text(field, value string, least, most int) error {
	if length := utf8.RuneCountInString(value); length < least || length > most {
		return fmt.Errorf("%s: %d characters, %d..%d would be right", field, length, least, most)
	}
	return nil
}

func id(field, value string) error {
	if !identifier.MatchString(value) {
		return fmt.Errorf("%s: not an identifier", field)
	}
	return text(field, value, 1, 128)
}

func (c *Customer) check() error {
	if err := id("customer/user_id", c.UserID); err != nil {
		return err
	}
	if !languages[c.Language] {
		return fmt.Errorf("customer/language: ko or en")
	}
	if c.Email != nil {
		if err := text("customer/email", *c.Email, 3, 254); err != nil {
			return err
		}
	}
	return text("customer/name", c.Name, 1, 100)
}

func (l *Line) check() error {
	if err := id("sku", l.SKU); err != nil {
		return err
	}
	if l.Quantity < 1 || l.Quantity > 1000 || l.PriceMinor < 0 || l.PriceMinor > 1_000_000_000 {
		return fmt.Errorf("%s: quantity or price out of range", l.SKU)
	}
	if l.ABVPercent < 0 || l.ABVPercent > 100 {
		return fmt.Errorf("%s: abv_percent is outside 0..100", l.SKU)
	}
	if l.Note != nil {
		if err := text("note", *l.Note, 0, 500); err != nil {
			return err
		}
	}
	return text("name", l.Name, 1, 200)
}

func (o *Order) check() error {
	if err := id("order_id", o.OrderID); err != nil {
		return err
	}
	if !currency.MatchString(o.Currency) || !states[o.State] {
		return fmt.Errorf("currency or state is unknown")
	}
	if err := o.Customer.check(); err != nil {
		return err
	}
	if len(o.Lines) < 1 || len(o.Lines) > 100 || len(o.Tags) > 16 {
		return fmt.Errorf("too few or too many lines or tags")
	}
	for i := range o.Lines {
		if err := o.Lines[i].check(); err != nil {
			return err
		}
	}
	for _, tag := range o.Tags {
		if err := text("tags", tag, 1, 64); err != nil {
			return err
		}
	}
	return nil
}

func echo(w http.ResponseWriter, r *http.Request) {
	var order Order

	if r.Method != http.MethodPost {
		http.Error(w, "POST would be right", http.StatusMethodNotAllowed)
		return
	}
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 65536))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&order); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := order.check(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(&order); err != nil {
		log.Print(err)
	}
}

func main() {
	http.HandleFunc("/echo", echo)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Go is ready: http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}
