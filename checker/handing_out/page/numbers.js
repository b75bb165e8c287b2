"use strict";
// Numbers as a person types them. The expressions come from Python's own reader, as data.

function expression(rule) {
  return new RegExp(rule.source, rule.flags);
}

function whole(rule) {
  return new RegExp(`^(?:${rule.source})$`, rule.flags);
}

function numberReader(rules, formulas, hand) {
  const number = whole(rules.number);
  const timesTen = whole(rules["times ten"]);
  const token = new RegExp(rules.arithmetic.source, rules.arithmetic.flags + "y");
  const minus = new RegExp(`[${rules.minusSigns}]`, "gu");
  const advice = rules.advice.map(([rule, words]) => [whole(rule), words]);
  const tooLong = `a number has at most ${rules.longest} characters`;

  function inAscii(text) {
    const plain = text.replace(minus, "-").trim();
    const power = timesTen.exec(plain);
    if (power) {
      const { mantissa, round, curly, bare } = power.groups;
      return `${mantissa}e${round ?? curly ?? bare}`;
    }
    return /^[-+]\s/.test(plain) ? plain[0] + plain.slice(1).trimStart() : plain;
  }

  // Return {value, digits, isInteger} for a number in digits, {problem}, or null for another text.
  function inDigits(text) {
    const found = number.exec(text) ?? number.exec(inAscii(text));
    if (!found) return null;
    const [, sign, left, point, right, barePoint, bareRight, exponent] = found;
    const fraction = right ?? bareRight ?? "";
    const places = fraction.length - Number(exponent ?? 0);
    const value = Number(`${sign}${left ?? "0"}.${fraction || "0"}e${exponent ?? 0}`);
    const halfUnit = Number(`5e${-places - 1}`);
    if (!Number.isFinite(value) || !Number.isFinite(halfUnit)) {
      return { problem: "this is too large: at most about 1e308 can be read" };
    }
    if (halfUnit === 0) return { problem: "this is too close to zero: write 0" };
    const digits = ((left ?? "") + fraction).replace(/^0+/, "").length || 1;
    const isInteger = (point ?? barePoint) === undefined && exponent === undefined;
    return { value, digits, isInteger };
  }

  // Whether a text is numbers and names joined by operators or calls.
  function isArithmetic(plain) {
    let joined = false, afterOperand = false, hasNumber = false, at = 0;
    while (at < plain.length) {
      token.lastIndex = at;
      const match = token.exec(plain);
      if (!match) return false;
      const { operand, operator, open, close, comma } = match.groups;
      if (operand !== undefined) {
        if (afterOperand) return false;
        hasNumber ||= /^[.0-9]/.test(operand);
      } else if (open !== undefined) {
        hasNumber ||= afterOperand;
        joined = true;
      } else if (operator !== undefined || comma !== undefined) {
        joined ||= operator !== undefined;
      }
      afterOperand = operand !== undefined || close !== undefined;
      at = token.lastIndex;
    }
    return (joined && hasNumber) || rules.constants.includes(plain);
  }

  // Return {} for a number that can be read, else {problem} or, where digits lack, {note}.
  function check(text, { isWhole = false, least = 0 } = {}) {
    if ([...text].length > rules.longest) return { problem: tooLong };
    const found = inDigits(text);
    if (found) {
      if (found.problem) return found;
      if (isWhole && !Number.isInteger(found.value)) return { note: "a whole number is asked for" };
      if (!found.isInteger && found.value !== 0 && found.digits < least) {
        const digits = least === 1 ? "1 significant digit" : `${least} significant digits`;
        return { note: `write at least ${digits}, unless the value is exact` };
      }
      return {};
    }
    const byHand = calculated(text, { isWhole, least });
    if (byHand) return byHand;
    const plain = text.replace(minus, "-").trim();
    for (const [pattern, words] of advice) {
      if (pattern.test(plain) && !rules.constants.includes(plain)) return { problem: words };
    }
    if (!isArithmetic(plain)) return { problem: "this is not a number" };
    const { problem } = formulas.arithmetic(formulas.asMeant(text));
    return problem ? { problem } : {};
  }

  // What is said of arithmetic, or of a number, as it is written by hand; null for neither.
  function calculated(text, asked) {
    const source = formulas.arithmeticByHand(text);
    if (source === text.trim()) return null;
    const rewritten = source !== formulas.asMeant(text);
    if (rewritten && !hand.isOfNumbers(source)) return null;
    const note = rewritten ? { note: `this is read as \`${source}\`` } : {};
    if (inDigits(source)) return { ...note, ...check(source, asked) };
    if (!isArithmetic(source)) return null;
    const { problem } = formulas.arithmetic(source);
    return problem ? { problem } : note;
  }

  return { check, inDigits };
}
